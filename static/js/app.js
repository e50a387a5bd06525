/* What the pages need besides plain HTML and htmx: single keys, dialogs, focus, announcements, waiting words. */
"use strict";
(() => {
  const keysOff = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => (element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0);

  /* Focus: an error summary or a new heading takes it, so that it is read first. */
  const focusOn = (root) => {
    const target = $("[data-focus]", root) || (root.matches?.("[data-focus]") ? root : null);
    if (target) target.focus();
    return Boolean(target);
  };
  const say = (text) => { const place = $("#said"); if (place && text) place.textContent = text; };

  /* Single keys: none casts a vote or signs. A change is what went with what came for it, or a marked row. */
  const isChange = (element) => element.matches("[data-change]")
    || (!element.closest("[data-change]") && !element.previousSibling?.matches?.("ins, del"));
  const step = (selector, by, wanted = () => true) => {
    const rows = all(selector).filter((row) => shown(row) && wanted(row));
    if (!rows.length) return;
    const holder = document.activeElement;
    const at = rows.findIndex((row) => row === holder || row.contains(holder));
    const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))];
    const target = row.matches("a, button, article") ? row : $("a, button", row) || row;
    if (!target.matches("a, button")) target.tabIndex = -1;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  };
  const acts = {
    "/": () => { const field = $("[data-find]"); if (field) { field.focus(); field.select?.(); } },
    j: () => step(".work > li, main tbody tr, [data-row]", 1),
    k: () => step(".work > li, main tbody tr, [data-row]", -1),
    n: () => step("main ins, main del, [data-change]", 1, isChange),
    p: () => step("main ins, main del, [data-change]", -1, isChange),
    "?": () => $("#keys")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || $("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  });

  /* Dialogs, menus, copying. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => say(copier.dataset.copied));
    if (event.target.closest("[data-prints]")) print();
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "keys-on") try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { /* private mode */ }
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  /* Waiting: after 300 ms the button says so; a second click sends nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[data-hx-post], [hx-post], [hx-boost], [data-download]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button?.dataset.wait) setTimeout(() => { button.setAttribute("aria-busy", "true"); button.textContent = button.dataset.wait; say(button.dataset.wait); }, 300);
  });
  /* Signing out leaves nothing of what was written in this browser. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action*="/accounts/logout/"]')) return;
    try { Object.keys(localStorage).filter((key) => /^(kept|sent)\//.test(key)).forEach((key) => localStorage.removeItem(key)); } catch { /* private mode */ }
  });
  /* On paper a folded discussion is open. */
  const FOLDED = ".thread > details:not([open])";
  addEventListener("beforeprint", () => all(FOLDED).forEach((fold) => { fold.open = true; fold.dataset.printed = "yes"; }));
  addEventListener("afterprint", () => all("[data-printed]").forEach((fold) => { fold.open = false; delete fold.dataset.printed; }));
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* htmx: focus goes to the new heading or error; counts and states are announced; a lost save says so and stays. */
  document.addEventListener("htmx:afterSwap", (event) => {
    const root = document.getElementById(event.detail.target?.id) || event.detail.elt;
    const writes = document.activeElement?.matches("form[data-keeps] :is(input, textarea, select)"); // goes on writing
    const found = writes ? false : focusOn(root);
    const news = root.matches?.("[data-say]") ? root : $("[data-say]", root);
    if (news) say(news.dataset.say);
    if (root.id !== "main" || found) return;
    const heading = $("h1", root);
    if (heading) { heading.tabIndex = -1; heading.focus(); }
    say($(".said", root)?.textContent.trim().replace(/\s+/g, " "));
  });

  /* A new discussion moves the numbers of those after it. */
  const numbered = (text, number) => text.replace(/\d+/, number);
  const renumber = () => all(".thread[id]").forEach((thread, place) => {
    for (const pin of [$(".pinno", thread), ...all(`a.pinno[href="#${CSS.escape(thread.id)}"]`)]) {
      if (!pin) continue;
      pin.textContent = place + 1;
      if (pin.ariaLabel) pin.ariaLabel = numbered(pin.ariaLabel, place + 1);
    }
    if (thread.ariaLabel) thread.ariaLabel = numbered(thread.ariaLabel, place + 1);
    all("label.sr", thread).forEach((label) => { label.textContent = numbered(label.textContent, place + 1); });
  });

  /* Discussions, rail and motions are answered in their place: what others wrote there meanwhile is not lost, and the
     focus goes to the discussion that is new, or to the one where the form was. */
  const PLACES = ".talk, #rail, #motions";
  let before = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    if (!event.detail.shouldSwap || !place.matches?.(PLACES)) return;
    const sent = event.detail.requestConfig?.elt;
    before = {
      threads: new Set(all(".thread", place).map((thread) => thread.id)),
      from: sent?.closest(".thread")?.id || "",
      texts: all("textarea", place).filter((text) => text.value.trim() && text.form !== sent && text.id).map((text) => [text.id, text.value]),
      form: all("form", place).find((form) => form !== sent && !form.closest(".thread") && all("textarea", form).some((text) => text.value.trim())),
    };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!before) return;
    const { threads, from, texts, form } = before;
    before = null;
    renumber();
    const place = document.getElementById(event.detail.target.id);
    if (!place) return;
    for (const [id, value] of texts) {
      const text = document.getElementById(id);
      if (!text || text.value) continue;
      text.value = value;
      const fold = text.closest("details");
      if (fold) fold.open = true;
    }
    if (form && !form.isConnected) place.lastElementChild?.replaceChildren(form);
    if (place.contains(document.activeElement) && document.activeElement !== place) return;
    const now = all(".thread", place);
    const next = now.find((thread) => !threads.has(thread.id)) || now.find((thread) => thread.id === from) || $("h2, h3", place) || place;
    next.tabIndex = -1;
    next.focus({ preventScroll: false });
  });
  let waiting = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.requestConfig?.triggeringEvent?.submitter;
    clearTimeout(waiting);
    if (button?.dataset.wait) waiting = setTimeout(() => { button.setAttribute("aria-busy", "true"); say(button.dataset.wait); }, 300);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(waiting);
    event.detail.requestConfig?.triggeringEvent?.submitter?.removeAttribute("aria-busy");
  });
  const unsaved = (event, lost) => {
    const notice = $("[data-unsaved]", event.detail.elt.closest("form") || document);
    if (!notice || $("form[data-keeps]")) return; // a dossier does it by itself
    if (lost && notice.hidden) {
      const time = $("time", notice);
      if (time) time.textContent = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date());
    }
    notice.hidden = !lost;
  };
  const failed = (form) => {
    if (!form.matches("form[hx-boost]")) return;
    $("[data-failed]", form)?.remove();
    form.append(document.getElementById("failed").content.cloneNode(true));
    $("[data-failed]", form).focus();
  };
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(name, (event) => { unsaved(event, true); failed(event.detail.elt); });
  document.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.successful !== false && event.detail.xhr.status < 400) unsaved(event, false); });

  document.addEventListener("DOMContentLoaded", () => {
    const box = $("#keys-on");
    if (box) box.checked = !keysOff();
    focusOn(document);
  });
})();

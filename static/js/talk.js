/* Discussions: a passage that is selected goes into the form, and "@" offers the people who may be named. */
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* What the page shows of an answer: without what was removed, and without the pins. */
  const wordsOf = (range) => {
    const part = range.cloneContents();
    all("del, .pinno", part).forEach((element) => element.remove());
    return part.textContent;
  };
  const bare = (text) => text.replace(/\s+/gu, "");

  /* Return the words that are selected in one answer and which of their occurrences it is, or null. */
  const picked = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const start = range.startContainer;
    const doc = (start.nodeType === 1 ? start : start.parentElement)?.closest(".answer .doc");
    if (!doc) return null;
    if (!doc.contains(range.endContainer)) range.setEnd(doc, doc.childNodes.length);
    const quote = wordsOf(range).trim();
    const link = $("a[data-discusses]", doc.closest(".answer"));
    if (!bare(quote) || !link) return null;
    const whole = document.createRange(), before = document.createRange();
    whole.selectNodeContents(doc);
    before.selectNodeContents(doc);
    before.setEnd(range.startContainer, range.startOffset);
    const [text, words, at] = [bare(wordsOf(whole)), bare(quote), bare(wordsOf(before)).length];
    let nth = 0;
    for (let found = text.indexOf(words); found >= 0 && found < at; found = text.indexOf(words, found + words.length)) nth += 1;
    return { quote, nth, link, box: range.getBoundingClientRect() };
  };
  const button = () => $("#pick");
  const show = () => {
    const found = picked();
    const act = button();
    if (!act) return;
    act.hidden = !found;
    if (!found) return;
    act.style.top = `${Math.max(8, scrollY + found.box.bottom + 8)}px`;
    act.style.left = `${Math.max(8, Math.min(scrollX + found.box.left, scrollX + document.documentElement.clientWidth - act.offsetWidth - 8))}px`;
  };
  let later = 0;
  document.addEventListener("selectionchange", () => { clearTimeout(later); later = setTimeout(show, 150); });
  document.addEventListener("mousedown", (event) => { if (event.target.closest("#pick")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#pick")) return;
    const found = picked();
    if (!found) return;
    const address = new URL(found.link.getAttribute("hx-get") || found.link.href, location.href);
    address.searchParams.set("quote", found.quote);
    address.searchParams.set("nth", found.nth);
    const fold = found.link.closest("details:not([open])");
    if (fold) fold.open = true;
    getSelection().removeAllRanges();
    button().hidden = true;
    htmx.ajax("GET", `${address.pathname}${address.search}`, { target: found.link.closest("div"), swap: "innerHTML" });
  });

  /* People after "@": a list under the field, chosen with arrows and Enter, by a click, or not at all. */
  const BEGUN = /(?:^|[\s(（，。、])@([^\s@]{0,40})$/u;
  const audience = (field) => {
    const kind = field.form && $("input[name=kind]:checked", field.form)?.value;
    return field.dataset.for || (kind === "board" || kind === "privileged" || kind === "private" ? kind : "everyone");
  };
  const close = (field) => { field.removeAttribute("aria-activedescendant"); field.removeAttribute("aria-controls"); $(".people", field.parentElement)?.remove(); };
  const choose = (field, name) => {
    const head = field.value.slice(0, field.selectionStart).replace(/@[^\s@]*$/u, `@${name} `);
    field.value = head + field.value.slice(field.selectionStart);
    field.setSelectionRange(head.length, head.length);
    close(field);
    field.focus();
  };
  const offer = (field, people) => {
    close(field);
    if (!people.length) return;
    const list = document.createElement("ul");
    list.className = "people";
    list.id = `${field.id}-people`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.names);
    people.forEach((person, place) => {
      const row = document.createElement("li");
      row.id = `${list.id}-${place}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.textContent = person.email ? `${person.name} · ${person.email}` : person.name;
      row.dataset.name = person.email || person.name;
      row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(field, row.dataset.name); });
      list.append(row);
    });
    field.setAttribute("aria-controls", list.id);
    field.after(list);
  };
  let asked = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.("textarea[data-people]")) return;
    const begun = BEGUN.exec(field.value.slice(0, field.selectionStart));
    clearTimeout(asked);
    if (!begun || audience(field) === "private") { close(field); return; }
    asked = setTimeout(async () => {
      const query = new URLSearchParams({ q: begun[1], for: audience(field) });
      try {
        const answer = await fetch(`${field.dataset.people}?${query}`, { headers: { Accept: "application/json" } });
        if (answer.ok && document.activeElement === field) offer(field, (await answer.json()).people);
      } catch { /* without a connection one types the name */ }
    }, 150);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const list = field.matches?.("textarea[data-people]") && $(".people", field.parentElement);
    if (!list) return;
    const rows = [...list.children];
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") { event.preventDefault(); close(field); return; }
    if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(field, rows[at].dataset.name); return; }
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    const next = (at + moves[event.key] + rows.length) % rows.length;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === next)));
    field.setAttribute("aria-activedescendant", rows[next].id);
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches?.("textarea[data-people]")) close(event.target); });

  const wake = (root) => all("[data-js][hidden]", root).forEach((element) => { element.hidden = false; });
  document.addEventListener("htmx:afterSwap", (event) => wake(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => wake(document));
})();

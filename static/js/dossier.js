/* Writing a dossier: what isn't saved stays in this browser and is sent again; who else is writing is asked for. */
"use strict";
(() => {
  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (text) => { $("#said").textContent = text; };
  const questions = () => all("[data-question]", form);
  const questionOf = (element) => element?.closest?.("[data-question]") || null;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /* What a question says. A number that is written differently is the same number; blanks at the end don't count. */
  const plain = (text) => {
    const clean = text.replaceAll("\r\n", "\n").trimEnd();
    return /^-?\d+(\.\d+)?$/.test(clean) ? String(Number(clean)) : clean;
  };
  const controls = (question) => all('[name^="a-"]', question).filter((control) => !control.matches(":disabled, [type=checkbox]:not(:checked), [type=radio]:not(:checked)"));
  const written = (question) => controls(question).map((control) => [control.name, control.value]);
  const meant = (pairs) => pairs.map(([name, value]) => [name, plain(value)]).filter(([, value]) => value).sort();
  const begunWith = (question) => all('[name^="b-"]', question).map((field) => [field.name.replace(/^b-/, "a-"), field.value]);
  const versionOf = (question) => Number($('[name^="v-"]', question)?.value || 0);
  const triesOf = (question) => all('[name^="t-"]', question).map((field) => field.value);
  const isChanged = (question) => $('[name^="b-"]', question)
    ? !same(meant(written(question)), meant(begunWith(question))) : question.dataset.touched === "yes";

  /* Keeping text: an entry for each question that differs from what is saved, gone when it is saved or at signing out. */
  const PLACE = `kept/${form.dataset.keeps}/`;
  const MONTH = 30 * 24 * 3600 * 1000;
  const storage = () => { try { return localStorage; } catch { return null; } };
  const drop = (key) => { try { storage()?.removeItem(key); } catch { /* a browser without storage */ } };
  const put = (key, entry) => { try { storage().setItem(key, JSON.stringify(entry)); return true; } catch { return false; } };
  const entries = () => {
    const found = [];
    try {
      for (const key of Object.keys(storage() || {}).filter((each) => each.startsWith("kept/"))) {
        let entry = null;
        try { entry = JSON.parse(storage().getItem(key)); } catch { /* not ours */ }
        const stale = !entry?.pairs || Date.now() - Date.parse(entry.at) > MONTH;
        if (stale || !key.startsWith(`kept/${form.dataset.keeps.split("/")[0]}/`)) drop(key); // somebody else used this browser
        else if (key.startsWith(PLACE)) found.push([key, entry]);
      }
    } catch { /* a browser without storage */ }
    return found;
  };
  let isKept = true;
  const keep = (question, more = {}) => {
    const key = PLACE + question.dataset.question;
    if (!isChanged(question)) return drop(key);
    isKept = put(key, {
      pairs: written(question), version: versionOf(question), base: begunWith(question), tries: triesOf(question),
      at: new Date().toISOString(), number: question.dataset.number, topic: $("[name=topic]", form).value, ...more,
    });
  };
  let later = 0;
  const keepsSoon = (question) => { clearTimeout(later); later = setTimeout(() => keep(question), 250); };
  for (const name of ["input", "change"]) form.addEventListener(name, (event) => {
    const question = questionOf(event.target);
    if (!question || event.target.type === "file") return;
    question.dataset.touched = "yes";
    keepsSoon(question);
  });
  addEventListener("pagehide", () => questions().forEach((question) => isChanged(question) && keep(question)));
  form.addEventListener("submit", () => questions().forEach((question) => keep(question, { submitted: true })));

  /* A save that failed: said where it is seen, tried again by itself, at once when the connection is back. */
  const notice = $("[data-unsaved]");
  const failed = new Set();
  const DELAYS = [2, 4, 8, 15, 30, 60];
  let turn = 0, waiting = 0, isOut = false;
  const clock = (time) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(time);
  const marks = () => {
    for (const question of questions()) {
      const mark = $("[data-waits]", question);
      const waits = failed.has(question.dataset.question);
      if (waits && !mark) $(`#s-${question.dataset.question}`, question)?.before($("#not-saved").content.cloneNode(true));
      if (!waits) mark?.remove();
    }
  };
  const tell = () => {
    marks();
    const shows = failed.size > 0 || isOut, begins = shows && notice.hidden;
    if (begins) $("time", notice).textContent = clock(new Date());
    if (!shows && !notice.hidden) say(notice.dataset.saved);
    for (const [part, seen] of [["since", failed.size > 0], ["here", isKept], ["nowhere", !isKept], ["out", isOut], ["again", !isOut]])
      all(`[data-${part}]`, notice).forEach((element) => { element.hidden = !seen; });
    notice.hidden = !shows;
    if (begins) say(all("b, span", notice).filter((part) => !part.hidden).map((part) => part.innerText).join(" "));
  };
  const again = () => {
    clearTimeout(waiting);
    for (const key of [...failed]) {
      const question = document.getElementById(`q-${key}`);
      if (question?.hasAttribute("hx-post")) htmx.trigger(question, "resend");
      else failed.delete(key);
    }
    tell();
  };
  const soon = () => {
    clearTimeout(waiting);
    if (failed.size && !isOut) waiting = setTimeout(again, 1000 * DELAYS[Math.min(turn++, DELAYS.length - 1)]);
  };
  const remembersTry = (question, sent) => {
    /* An answer may have arrived although its confirmation did not, or not yet: what is sent next says what this one was. */
    const tries = [...all('[name^="t-"]', question).slice(-4).map((field) => field.value), JSON.stringify(sent)];
    const seen = $(`#seen-${question.dataset.question}`);
    all('[name^="t-"]', question).forEach((field) => field.remove());
    for (const value of seen ? tries : []) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: `t-${question.dataset.question}`, value });
      seen.append(field);
    }
  };
  const isSave = (config) => config.verb === "post" && /\/answers\/[^/]+\/$/.test(config.path);
  document.addEventListener("htmx:beforeSend", ({ detail: { requestConfig } }) => {
    const question = questionOf(requestConfig.elt);
    if (question && isSave(requestConfig)) remembersTry(question, requestConfig.formData.getAll(`a-${question.dataset.question}`));
  });
  const lost = (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr?.status === 401) isOut = true;
    const question = questionOf(requestConfig?.elt);
    if (question && isSave(requestConfig) && isChanged(question)) {
      failed.add(question.dataset.question);
      keep(question);
      if (xhr?.status === 403) renew(); else soon();
    }
    tell();
  };
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(name, lost);
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    const question = questionOf(requestConfig.elt);  // perhaps no longer on the page: its answer took its place
    const name = question?.dataset.question;
    if (xhr.status < 400) isOut = false;
    if (question && xhr.status < 500 && xhr.status !== 401 && xhr.status !== 403) failed.delete(name);
    if (question && xhr.status < 300) {
      delete question.dataset.touched;
      if (settling.has(name)) drop(settling.get(name));
      settling.delete(name);
    }
    if (!failed.size) turn = 0;
    questions().forEach((each) => keep(each));
    tell();
  });
  notice.addEventListener("click", (event) => { if (event.target.closest("[data-again]")) { turn = 0; again(); } });
  addEventListener("online", () => { turn = 0; again(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && isOut) renew(); else if (!document.hidden && failed.size) again(); });
  addEventListener("beforeunload", (event) => { if (failed.size && !isKept) event.preventDefault(); });

  /* Signed in again in another window: the page's token is old. It is renewed only for the same person. */
  const renew = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if ($("form[data-keeps]", page)?.dataset.keeps !== form.dataset.keeps) { isOut = true; tell(); return; }
      document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
      const token = $("[name=csrfmiddlewaretoken]", page).value;
      all("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
      isOut = false;
      tell();
    } catch { /* no connection: the next turn tries again */ }
    soon();
  };

  /* Questions that come anew must not take away what was written meanwhile. */
  let meanwhile = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "questions") return;
    const active = document.activeElement;
    meanwhile = questions().filter((question) => question.hasAttribute("hx-post") && isChanged(question)).map((question) => ({
      key: question.dataset.question, pairs: written(question), id: question.contains(active) ? active.id : "",
      selection: [active.selectionStart, active.selectionEnd],
    }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const { key, pairs, id, selection } of meanwhile.splice(0)) {
      const question = document.getElementById(`q-${key}`);
      if (!question) continue;
      for (const control of all('[name^="a-"]', question)) {
        const values = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
        if (control.matches("[type=checkbox], [type=radio]")) control.checked = values.includes(control.value);
        else if (values.length) { control.value = values[0]; control.dispatchEvent(new Event("rewritten")); }
      }
      if (id) { const control = document.getElementById(id); control?.focus(); if (selection[0] != null) control?.setSelectionRange?.(...selection); }
      if (same(meant(written(question)), meant(pairs))) htmx.trigger(question, "resend");
    }
    const told = $("[name=told]");
    if (told) told.value = "";
  });

  /* Text that an earlier page kept: offered where it belongs, or named when it belongs to another topic. */
  const settling = new Map();
  const inRows = (value) => { try { return JSON.parse(value).map((row) => Object.values(row).flat().join(", ")).join("\n"); } catch { return value; } };
  const words = (pairs) => pairs.map(([name, value]) => {
    if (document.querySelector(`[data-rows-value][name="${CSS.escape(name)}"]`)) return inRows(value);
    const box = all(`[name="${CSS.escape(name)}"]`).find((control) => control.value === value && control.matches("[type=checkbox], [type=radio]"));
    return box?.closest("label")?.innerText.trim() || value;
  }).filter(Boolean).join("\n");
  const sends = (key, entry, name) => {
    const values = { [`v-${name}`]: entry.version };
    for (const [field, value] of [...entry.pairs, ...entry.base.map(([field_, value_]) => [field_.replace(/^a-/, "b-"), value_])]) (values[field] ||= []).push(value);
    values[`t-${name}`] = entry.tries || [];
    settling.set(name, key);
    const question = document.getElementById(`q-${name}`);
    htmx.ajax("POST", question.dataset.address, { source: question, target: question, swap: "outerHTML", values });
  };
  const offer = (key, entry, name) => {
    const question = document.getElementById(`q-${name}`);
    const box = $("#kept-offer").content.cloneNode(true).firstElementChild;
    $("time", box).textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(new Date(entry.at));
    $("[data-text]", box).textContent = words(entry.pairs) || "–";
    $("[data-send]", box).addEventListener("click", () => sends(key, entry, name));
    $("[data-discard]", box).addEventListener("click", () => { drop(key); box.remove(); });
    question.querySelector(`#h-${CSS.escape(name)}`).after(box);
  };
  const saved = new Map((form.dataset.saved || "").split(" ").filter(Boolean).map((each) => [each.split(":")[0], Number(each.split(":")[1])]));
  const elsewhere = [];
  for (const [key, entry] of entries()) {
    const name = key.slice(PLACE.length).split("~")[0];
    const question = document.getElementById(`q-${name}`);
    if (entry.submitted && saved.get(name) > entry.version) drop(key);
    else if (!question) elsewhere.push([name, entry]);
    else if (same(meant(entry.pairs), meant(written(question)))) isChanged(question) || drop(key);
    else {
      const aside = key.includes("~") ? key : `${key}~${Date.parse(entry.at)}`; // so that writing on doesn't replace it
      if (aside !== key && put(aside, entry)) drop(key);
      offer(aside, entry, name);
    }
  }
  if (elsewhere.length) {
    const bar = $("#kept-elsewhere").content.cloneNode(true).firstElementChild;
    elsewhere.forEach(([name, entry], at) => {
      const link = Object.assign(document.createElement("a"), { href: `?topic=${encodeURIComponent(entry.topic)}#q-${name}`, textContent: entry.number });
      $("[data-places]", bar).append(at ? ", " : "", link);
    });
    form.before(bar);
    form.prepend(bar);
  }

  /* Who else is here: asked for while the page is seen, and when one goes to another question. */
  const here = $("#here");
  const look = () => { if (!document.hidden && navigator.onLine && !isOut) htmx.trigger(here, "look"); };
  let moved = 0;
  form.addEventListener("focusin", (event) => {
    $("#at").value = questionOf(event.target)?.dataset.question || "";
    clearTimeout(moved);
    moved = setTimeout(look, 400);
  });
  setInterval(look, 15000);
  document.addEventListener("visibilitychange", look);
  addEventListener("load", look);
})();

/* Answers in rows: added, moved and taken out in place; what they say is kept in one field, which is what is saved. */
"use strict";
(() => {
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const valueOf = (box) => box.querySelector("[data-rows-value]");
  const listOf = (box) => box.querySelector("[data-rows-list]");
  const rowsOf = (box) => all("details.row", listOf(box));
  const isGone = (row) => row.querySelector("[data-row-gone]").checked;

  /* What a row says, its filled cells in the order of the columns, as the server writes it. */
  const read = (row) => {
    const said = {};
    for (const control of all("[data-column]", row)) {
      const column = control.dataset.column;
      if (control.matches("[data-many]")) { if (control.checked) (said[column] ||= []).push(control.value); }
      else if (control.value.trim()) said[column] = control.value.trim();
    }
    return said;
  };
  const write = (box) => {
    const shown = rowsOf(box);
    const rows = [];
    for (const row of shown) {
      const said = read(row);
      const counts = !isGone(row) && Object.keys(said).length > 0;
      if (counts) rows.push(said);
      row.querySelector("[data-row-number]").textContent = counts ? rows.length : "";
      row.classList.toggle("gone", isGone(row));
      const title = row.querySelector("[data-row-title]");
      const first = row.querySelector("[data-column]");
      title.textContent = first?.value.trim() || (Object.keys(said).length ? "–" : title.dataset.blank);
    }
    shown.forEach((row, at) => {
      row.querySelector('[data-row-move="-1"]').disabled = at === 0;
      row.querySelector('[data-row-move="1"]').disabled = at === shown.length - 1;
    });
    const value = rows.length ? JSON.stringify(rows) : "";
    const changed = valueOf(box).value !== value;
    valueOf(box).value = value;
    return changed;
  };
  const saveSoon = (box) => { if (write(box)) valueOf(box).dispatchEvent(new Event("change", { bubbles: true })); };

  let counter = 0;
  const add = (box, said = {}) => {
    const row = box.querySelector("template").content.cloneNode(true).firstElementChild;
    const place = `n${++counter}`;
    for (const element of [row, ...all("*", row)]) for (const name of ["id", "name", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace("-new", `-${place}`));
    }
    for (const control of all("[data-column]", row)) {
      const cell = said[control.dataset.column];
      if (control.matches("[data-many]")) control.checked = (cell || []).includes(control.value);
      else if (typeof cell === "string") control.value = cell;
    }
    listOf(box).append(row);
    reveal(box);
    return row;
  };
  const reveal = (box) => all("[data-row-add], [data-row-move]", box).forEach((button) => { button.hidden = false; });

  const begin = (box) => {
    if (box.dataset.begun) return;
    box.dataset.begun = "yes";
    const rows = rowsOf(box);
    const blank = rows.at(-1);
    if (rows.length > 1 && !Object.keys(read(blank)).length) blank.remove(); // the button adds one
    valueOf(box).disabled = false;
    valueOf(box).addEventListener("rewritten", () => {
      listOf(box).replaceChildren();
      let said = [];
      try { said = JSON.parse(valueOf(box).value || "[]"); } catch { /* not rows */ }
      for (const each of said.length ? said : [{}]) add(box, each).open = said.length === 0;
      write(box);
    });
    reveal(box);
    const kept = valueOf(box).value;
    write(box);
    if (kept) valueOf(box).value = kept; // as the server wrote it, so that nothing looks changed
  };
  const beginAll = () => all("[data-rows]", document).forEach(begin);
  beginAll();
  document.addEventListener("htmx:afterSwap", beginAll);

  for (const name of ["input", "change"]) document.addEventListener(name, (event) => {
    const box = event.target.closest?.("[data-rows]");
    if (box && event.target !== valueOf(box)) write(box);
  }, true);
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-rows]");
    if (!box) return;
    if (event.target.closest("[data-row-add]")) {
      const row = add(box);
      row.open = true;
      write(box);
      row.querySelector("[data-column]").focus();
      return;
    }
    const move = event.target.closest("[data-row-move]");
    if (!move) return;
    const row = move.closest("details.row");
    if (move.dataset.rowMove === "1") row.nextElementSibling?.after(row); else row.previousElementSibling?.before(row);
    saveSoon(box);
    (move.disabled ? row.querySelector("summary") : move).focus();
  });
})();

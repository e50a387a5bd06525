/* Files that are attached: sent in parts with their progress, gone on with after a cut connection, cancelled on request.
   input[data-begins] is where a file begins; data-attaches is told when it is whole (the part of the page comes back
   into data-into), or else the form of the input is sent with the token of the file instead of the file. */
"use strict";
(() => {
  const DELAYS = [1, 2, 4, 8, 15, 30];
  const $ = (selector, root = document) => root.querySelector(selector);
  const say = (text) => { $("#said").textContent = text; };
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  const megabytes = (bytes) => (bytes / 1024 ** 2).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

  /* A pause that ends at once when the connection is back. */
  const pause = (seconds) => new Promise((resolve) => {
    const done = () => { clearTimeout(timer); removeEventListener("online", done); resolve(); };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
  });

  class Refused extends Error {}
  const ask = async (address, given = {}) => {
    const answer = await fetch(address, { credentials: "same-origin", ...given, headers: { "X-CSRFToken": token(), "HX-Request": "true", ...given.headers } });
    if (answer.status >= 500) throw new Error(answer.statusText);
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok && answer.status !== 409) throw new Refused(told.refused || "");
    return told;
  };
  /* One part; fetch has no progress of what is sent. */
  const part = (address, offset, blob, row) => new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    row.stop = () => sending.abort();
    sending.open("POST", address);
    sending.timeout = 120000;
    for (const [name, value] of Object.entries({ "X-CSRFToken": token(), "HX-Request": "true", "Upload-Offset": offset, "Content-Type": "application/octet-stream" })) sending.setRequestHeader(name, value);
    sending.upload.onprogress = (event) => row.shows(offset + event.loaded);
    sending.onload = () => {
      let told = {};
      try { told = JSON.parse(sending.responseText); } catch { /* not ours: a proxy */ }
      if (Number.isInteger(told.offset)) resolve(told.offset);
      else if (sending.status >= 400 && sending.status < 500) reject(new Refused(told.refused || ""));
      else reject(new Error(sending.statusText));
    };
    sending.onerror = sending.ontimeout = () => reject(new Error("cut"));
    sending.onabort = () => reject(new Refused(""));
    sending.send(blob);
  });

  /* Where an unfinished upload of the same file stands, so that a page that was loaded again goes on with it. */
  const mark = (input, file) => `sent/${input.dataset.begins}/${file.name}/${file.size}/${file.lastModified}`;
  const remembered = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const remember = (key, begun) => { try { begun ? localStorage.setItem(key, JSON.stringify(begun)) : localStorage.removeItem(key); } catch { /* private mode */ } };

  const places = (row, input) => {
    const place = (input.dataset.into && $(input.dataset.into)) || input.closest("[data-uploads]");
    let list = place.nextElementSibling;
    if (!list?.matches("[data-sending]")) { list = Object.assign(document.createElement("ul"), { className: "stack tight" }); list.dataset.sending = ""; place.after(list); }
    list.append(row);
  };
  const rowOf = (input, file) => {
    const row = $("#upload-row").content.cloneNode(true).firstElementChild;
    const bar = $("progress", row), done = $("[data-done]", row);
    $("bdi", row).textContent = file.name;
    bar.max = file.size;
    bar.setAttribute("aria-label", file.name);
    row.shows = (bytes) => {
      if (!row.isConnected && !row.isCancelled) places(row, input); // the questions came anew meanwhile
      bar.value = bytes;
      done.textContent = done.dataset.done.replace("{done}", megabytes(bytes)).replace("{size}", megabytes(file.size));
    };
    row.waits = (yes) => { $("[data-cut]", row).hidden = !yes; };
    row.refuses = (words) => {
      const place = $("[data-refused]", row);
      $("span", place).textContent = words || place.dataset.refused;
      place.hidden = false;
      bar.hidden = true;
      say($("span", place).textContent);
    };
    row.stop = () => {};
    $("[data-cancel]", row).addEventListener("click", () => { row.isCancelled = true; row.stop(); row.remove(); });
    row.shows(0);
    return row;
  };

  const begins = async (input, file, row) => {
    const key = mark(input, file), known = remembered(key);
    if (known) {
      try { return { ...known, ...(await ask(known.address)) }; } catch (fault) { if (!(fault instanceof Refused)) throw fault; }
    }
    const begun = await ask(input.dataset.begins, { method: "POST", body: new URLSearchParams({ name: file.name, size: file.size }) });
    remember(key, begun);
    row.shows(0);
    return { ...begun, offset: 0 };
  };
  const patiently = async (row, act) => {
    for (let turn = 0; ; turn += 1) {
      try { const done = await act(); row.waits(false); return done; } catch (fault) {
        if (fault instanceof Refused || row.isCancelled) throw fault;
        row.waits(true);
        await pause(DELAYS[Math.min(turn, DELAYS.length - 1)]);
      }
    }
  };
  /* Send a file; returns its token, or nothing when it was refused or cancelled. */
  const sends = async (input, file, row) => {
    let begun = null;
    try {
      begun = await patiently(row, () => begins(input, file, row));
      let offset = begun.offset;
      while (offset < file.size && !row.isCancelled) {
        const at = offset;
        offset = await patiently(row, () => part(begun.address, at, file.slice(at, at + begun.part), row)
          .catch(async (fault) => { if (fault instanceof Refused) throw fault; await pause(1); return (await ask(begun.address)).offset; }));
        row.shows(offset);
      }
    } catch (fault) {
      if (!row.isCancelled) row.refuses(fault.message);
      begun = null;
    }
    if (row.isCancelled && begun) ask(begun.address, { method: "DELETE" }).catch(() => {});
    if (begun || row.isCancelled) remember(mark(input, file), null);
    return row.isCancelled || !begun ? "" : begun.token;
  };

  /* The part of the page with the files comes back, also when they were refused; htmx puts it in place. */
  const attaches = async (input, upload, row) => {
    const answer = await patiently(row, async () => {
      const answer = await fetch(input.dataset.attaches, {
        method: "POST", credentials: "same-origin", body: new URLSearchParams({ upload }),
        headers: { "X-CSRFToken": token(), "HX-Request": "true", "HX-Target": input.dataset.into.slice(1) },
      });
      if (answer.status >= 500) throw new Error(answer.statusText);
      if (!answer.ok && answer.status !== 422) throw new Refused("");
      return answer;
    });
    htmx.swap(input.dataset.into, await answer.text(), { swapStyle: "outerHTML" });
    row.remove();
    const list = $(input.dataset.into)?.nextElementSibling;
    if (list?.matches("[data-sending]:empty")) list.remove();
  };
  let turn = Promise.resolve();
  document.addEventListener("input", (event) => { if (event.target.matches?.("input[type=file][data-attaches]")) event.stopPropagation(); }, true);
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file][data-attaches]")) return;
    event.stopPropagation(); // an answer is not saved because a file was chosen
    for (const file of [...input.files]) {
      const row = rowOf(input, file);
      turn = turn.then(async () => {
        const upload = row.isCancelled ? "" : await sends(input, file, row);
        if (upload) await attaches(input, upload, row).catch((fault) => row.refuses(fault.message));
      });
    }
    input.value = "";
  }, true);
  document.addEventListener("submit", async (event) => {
    const form = event.target, input = $("input[type=file][data-begins]:not([data-attaches])", form);
    if (event.defaultPrevented || !input?.files.length) return;
    event.preventDefault();
    const upload = await sends(input, input.files[0], rowOf(input, input.files[0]));
    delete form.dataset.sent;
    if (!upload) return;
    input.disabled = true;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "upload", value: upload }));
    form.submit();
  });
})();

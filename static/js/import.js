/* Reading answers from files: of a safetensors file only its header is sent; the weights stay where they are. */
"use strict";
(() => {
  const form = document.querySelector("form[data-headers]");
  if (!form) return;
  const LENGTH = 8, LARGEST = 16 * 1024 * 1024;

  /* The header's length stands in the first eight bytes, the smallest first. */
  const header = async (file) => {
    const start = new DataView(await file.slice(0, LENGTH).arrayBuffer());
    const length = start.byteLength < LENGTH ? 0 : Number(start.getBigUint64(0, true));
    return new File([file.slice(0, LENGTH + Math.min(length, LARGEST))], file.name);
  };
  const tells = (field, number, size) => {
    const told = document.createElement("input");
    Object.assign(told, { type: "hidden", name: `size-${field.name}-${number}`, value: String(size) });
    told.dataset.size = field.name;
    form.append(told);
  };
  form.addEventListener("change", async ({ target: field }) => {
    if (field.type !== "file") return;
    form.querySelectorAll(`[data-size="${field.name}"]`).forEach((told) => told.remove());
    const given = [...field.files];
    if (!given.some((file) => file.name.toLowerCase().endsWith(".safetensors"))) return;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const kept = new DataTransfer();
      for (const [number, file] of given.entries()) {
        const isWeights = file.name.toLowerCase().endsWith(".safetensors");
        if (isWeights) tells(field, number, file.size);
        kept.items.add(isWeights ? await header(file) : file);
      }
      field.files = kept.files;
    } finally {
      button.disabled = false;
    }
  });
})();

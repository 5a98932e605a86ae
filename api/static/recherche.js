/** The search pages: addresses without empty criteria, and references that can be copied. The pages do without it. */

for (const form of document.querySelectorAll("form.search-form")) {
  form.addEventListener("formdata", (event) => {
    const { formData } = /** @type {FormDataEvent} */ (event);
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  const copied = document.getElementById(button.dataset.copy ?? "");
  const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  const words = /** @type {HTMLTemplateElement | null} */ (document.getElementById("copied-words"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copied?.textContent?.trim() ?? "");
    if (said && words) said.textContent = words.content.textContent;
  });
}

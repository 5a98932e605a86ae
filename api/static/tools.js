/** What may be done with an answer: copied, printed, saved. */

import { copyExchange } from "./copying.js";
import { announce, slot, text } from "./dom.js";

/** @param {HTMLElement} root the turn @param {import("./copying.js").Exchange} exchange */
export function fillTools(root, exchange) {
  slot(root, "tools").hidden = false;
  slot(root, "copy-all").addEventListener("click", () => copyExchange(slot(root, "copy-all"), exchange));
  slot(root, "print").addEventListener("click", () => printed(root));
  slot(root, "export").addEventListener("click", async () => {
    try {
      const { download } = await import("./exporting.js");
      download(exchange);
    } catch {
      announce(text("unreachable"));
    }
  });
}

/** Print one answer: the others stay off the paper. @param {HTMLElement} root */
function printed(root) {
  root.classList.add("printed");
  document.body.classList.add("printing-one");
  addEventListener(
    "afterprint",
    () => {
      root.classList.remove("printed");
      document.body.classList.remove("printing-one");
    },
    { once: true },
  );
  print();
}

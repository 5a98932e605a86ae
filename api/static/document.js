/** A document opened with a key: fetched with the one that the page of questions holds, and put in the place of this page. */

import { authorization, borrowKey } from "./access.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Fetch a page as a document; the browser runs none of its scripts. @param {string} address @returns {Promise<Document>} */
function fetched(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.onload = () => (request.responseXML && request.status === 200 ? resolve(request.responseXML) : reject(new Error(String(request.status))));
    request.onerror = () => reject(new Error("network"));
    request.send();
  });
}

/** @param {string} reason */
function refuse(reason) {
  byId("locked").hidden = reason !== "why-locked";
  byId("state").textContent = /** @type {HTMLTemplateElement} */ (byId(reason)).content.textContent;
}

async function open() {
  const address = location.search.slice(1);
  if (!address.startsWith("/documents/") && address !== "/operateur") return refuse("why-unreachable");
  if (!(await borrowKey())) return refuse("why-locked");
  try {
    const page = await fetched(address);
    document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    const sheets = [...document.querySelectorAll('link[rel="stylesheet"]')];
    await Promise.all(sheets.map((sheet) => new Promise((resolve) => sheet.addEventListener("load", resolve)))); // it scrolls
    await import("./reader.js");
  } catch {
    refuse("why-unreachable");
  }
}

open();

// Words of the reader's language, from the JSON the page carries.
const node = document.getElementById("texts");

export const texts = node ? JSON.parse(node.textContent) : {};

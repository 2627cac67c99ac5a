// Changes a part of the page into a newer drawing of it, touching only what differs: what has the focus, what
// is open, what is being typed and where it was scrolled to stay as they are.

export function morph(here, wanted) {
  const focused = document.activeElement?.id;
  change(here, wanted);
  if (focused && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

function change(here, wanted) {
  if (here.nodeType !== Node.ELEMENT_NODE) {
    if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
    return;
  }
  if (here.hasAttribute("data-keep")) return;
  changeAttributes(here, wanted);
  changeChildren(here, wanted);
}

function changeAttributes(here, wanted) {
  for (const { name } of [...here.attributes]) {
    if (!wanted.hasAttribute(name) && !isPersons(here, name)) here.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (here.getAttribute(name) !== value && !isPersons(here, name)) here.setAttribute(name, value);
  }
}

// What a person has opened or chosen is theirs, not the server's.
function isPersons(element, name) {
  return (element.localName === "details" && name === "open") || (element.localName === "option" && name === "selected");
}

function changeChildren(here, wanted) {
  const byId = new Map([...here.children].filter((child) => child.id).map((child) => [child.id, child]));
  let next = here.firstChild;
  for (const child of [...wanted.childNodes]) {
    const match = (child.id && byId.get(child.id)) || (next && alike(next, child) ? next : null);
    if (!match) {
      here.insertBefore(child, next);
      continue;
    }
    if (match === next) next = next.nextSibling;
    else here.insertBefore(match, next);
    change(match, child);
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

function alike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && !one.id && !other.id;
}

// Writing texts: how many messages a text costs, Ctrl+Enter sends, and the newest is in sight.

const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_PAIRS = new Set("^{}\\[~]|€\f");

// A text is cut into parts: 160 letters of the small alphabet or 70 of any, fewer when there is more than one part.
export function countSegments(text) {
  const letters = [...text];
  const small = letters.every((letter) => GSM.has(letter) || GSM_PAIRS.has(letter));
  const length = small ? letters.reduce((sum, letter) => sum + (GSM_PAIRS.has(letter) ? 2 : 1), 0) : text.length;
  const [one, each] = small ? [160, 153] : [70, 67];
  return length <= one ? Math.min(length, 1) : Math.ceil(length / each);
}

export function listenToComposer() {
  document.addEventListener("input", (event) => event.target.id === "body" && showSegments(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "body" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });
}

export function clearComposer(form) {
  const field = form.elements.body;
  if (!field) return;
  field.value = "";
  showSegments(field);
}

function showSegments(field) {
  const place = document.getElementById("segments");
  const count = countSegments(field.value);
  place.textContent = count === 0 ? "" : count === 1 ? place.dataset.one : place.dataset.many.replace("#", count);
}

let newest = "";

// A new text scrolls into sight; while somebody reads further up, nothing moves of itself.
export function showNewest() {
  const list = document.getElementById("conversation");
  const last = list?.lastElementChild?.id ?? "";
  if (list && last !== newest) list.scrollTop = list.scrollHeight;
  newest = last;
}

// One letter does what the button beside it does, unless the person is typing. The letter stands on the button.

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === letterOf(event));
    if (!wanted || wanted.disabled) return;
    event.preventDefault();
    if (wanted.matches("textarea, select, input")) wanted.focus();
    else {
      wanted.focus();
      wanted.click();
    }
  });
}

// By the key's place, so that the same key works while the keyboard writes Arabic.
function letterOf(event) {
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
}

function isTyping(target) {
  return target.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]") ?? false;
}

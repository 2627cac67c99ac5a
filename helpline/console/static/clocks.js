// Counts waiting times up and deadlines down between two drawings, by the server's time and not this machine's.

let ahead = 0;

// `part` carries the server's time at its drawing, in seconds.
export function setClocks(part) {
  ahead = Number(part.dataset.now) - Date.now() / 1000;
  tick();
}

export function startClocks() {
  setInterval(tick, 250);
}

function tick() {
  const now = Date.now() / 1000 + ahead;
  for (const clock of document.querySelectorAll("[data-since]")) write(clock, now - Number(clock.dataset.since));
  for (const clock of document.querySelectorAll("[data-until]")) {
    const left = Number(clock.dataset.until) - now;
    write(clock, left);
    clock.classList.toggle("over", left < 0);
  }
  for (const bar of document.querySelectorAll("progress[data-ends]")) bar.value = Math.max(Number(bar.dataset.ends) - now, 0);
}

function write(clock, seconds) {
  const text = (seconds <= -1 ? "−" : "") + spell(Math.floor(Math.abs(seconds)));
  if (clock.textContent !== text) clock.textContent = text;
}

function spell(whole) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

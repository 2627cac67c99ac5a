// Calls a person back to the page: words for a screen reader, a short tone, and a mark in the tab's title.

let sound = null;
let title = document.title;

export function prepareSound() {
  const button = document.getElementById("sound");
  const wake = () => {
    sound ??= new AudioContext();
    sound.resume();
    button.hidden = true;
  };
  // Browsers allow sound only after the person has touched the page.
  button.addEventListener("click", wake);
  addEventListener("pointerdown", wake, { once: true });
  addEventListener("keydown", wake, { once: true });
  button.hidden = navigator.userActivation?.hasBeenActive ?? false;
}

export function announce(words) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  requestAnimationFrame(() => {
    announcer.textContent = words;
  });
}

export function ring(urgent) {
  if (sound?.state !== "running") return;
  const tones = urgent ? [880, 660, 880, 660] : [523, 659];
  tones.forEach((pitch, place) => playTone(pitch, sound.currentTime + place * 0.22));
}

function playTone(pitch, at) {
  const [tone, volume] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.2, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
  tone.connect(volume).connect(sound.destination);
  tone.start(at);
  tone.stop(at + 0.21);
}

export function markTitle(words) {
  const wanted = words ? `● ${words}` : title;
  if (document.title !== wanted) document.title = wanted;
}

// The microphone: whether calls may use it, and whether it hears anything. Nothing is recorded and nothing is sent.

const LISTEN_MS = 6000;
// Speech into a headset is far above this; the hum of a switched-off one below.
const HEARD_FROM = 0.02;

// Asks the person, if the browser has not done so yet, and lets the microphone go again.
export async function mayUseMicrophone() {
  const stream = await takeMicrophone();
  release(stream);
  return stream !== null;
}

// Moves the bar with what is heard, for some seconds. Ends in "heard", "silent" or "refused".
export async function listenToMicrophone(bar) {
  const stream = await takeMicrophone();
  if (!stream) return "refused";
  const sound = new AudioContext();
  const meter = sound.createAnalyser();
  sound.createMediaStreamSource(stream).connect(meter);
  const loudest = await watch(meter, bar);
  release(stream);
  await sound.close();
  return loudest > HEARD_FROM ? "heard" : "silent";
}

async function watch(meter, bar) {
  const samples = new Float32Array(meter.fftSize);
  const end = performance.now() + LISTEN_MS;
  let loudest = 0;
  while (performance.now() < end) {
    await new Promise((next) => setTimeout(next, 50));
    meter.getFloatTimeDomainData(samples);
    bar.value = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    loudest = Math.max(loudest, bar.value);
  }
  return loudest;
}

async function takeMicrophone() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    // Not allowed, none there, or taken by another program: for the person it is one and the same.
    return null;
  }
}

function release(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

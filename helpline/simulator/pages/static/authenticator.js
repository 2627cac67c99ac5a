// One-time codes, renewed as they run out.

import { ask, fill, words } from "./line_api.js";

async function renew() {
  try {
    const { seconds_left, codes } = await ask("GET", "/authenticator/codes");
    for (const item of document.querySelectorAll("[data-email]")) {
      const output = item.querySelector("output");
      const code = codes[item.dataset.email];
      if (output && code && output.value !== code) output.value = code;
    }
    if (Object.keys(codes).length) {
      document.getElementById("left").textContent = fill(words.auth_left, { seconds: seconds_left });
    }
    document.getElementById("connection").textContent = "";
  } catch (error) {
    document.getElementById("connection").textContent = words.connection_lost;
  }
}

for (const item of document.querySelectorAll("[data-email]")) {
  const button = item.querySelector("button");
  button?.addEventListener("click", async () => {
    await navigator.clipboard.writeText(item.querySelector("output").value);
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 1500);
  });
}

renew();
setInterval(renew, 1000);

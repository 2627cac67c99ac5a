// Sends the stage's forms without leaving the page, so that nothing that is being typed is lost. Without this
// script they are plain forms that do the same.

export function sendForms({ before, after }) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-act]")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const body = new URLSearchParams(new FormData(form, event.submitter));
    await before();
    try {
      // What was done is seen and told on the page; the answer says only whether it was refused.
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-Console": "act" } });
      form.querySelectorAll("details[open]").forEach((one) => one.removeAttribute("open"));
      form.closest("details.drop")?.removeAttribute("open");
      await after(form, await wasRefused(answer));
    } finally {
      delete form.dataset.busy;
    }
  });
}

// Whatever went wrong on the way counts as refused, so that nothing that was written is thrown away.
async function wasRefused(answer) {
  if (answer.type === "opaqueredirect") return false;
  return !answer.ok || (await answer.json()).refused;
}

// What the contact was about is saved as it is chosen.
export function saveRecordAsChosen() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("#record-form");
    if (form) fetch(form.dataset.record, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", headers: { "X-Console": "record" } });
    if (event.target.id === "call-type") showCategory(event.target);
  });
}

// A silent or mistaken call is about nothing.
export function showCategory(kind = document.getElementById("call-type")) {
  const category = document.getElementById("category");
  if (kind && category) category.disabled = kind.selectedOptions[0]?.dataset.about === "no";
}

// The number comes in answer to the form and is shown beside it, nowhere else.
export function revealNumbers() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-reveal]")) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Console": "number" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("revealed").replaceChildren(...page.querySelectorAll("#number .number, #number h1 + p:not(.big-number)"));
    form.elements.reason.value = "";
  });
}

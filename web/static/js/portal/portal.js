// Reads the page aloud and prints it, where the browser can. Without it nothing is missing: the buttons stay hidden and
// the phone number stands on every page.
(() => {
  "use strict";
  const main = document.getElementById("main");
  const read = document.querySelectorAll("[data-read]");
  const voice = window.speechSynthesis;
  const skipped = "script, style, svg, form, .noprint, .vh, [hidden], [aria-hidden=true]";

  const words = () => {
    const texts = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        const text = node.textContent.trim();
        if (text) texts.push(text);
      } else if (node.nodeType === Node.ELEMENT_NODE && !node.matches(skipped)) {
        node.childNodes.forEach(walk);
        if (getComputedStyle(node).display !== "inline") texts.push("\n");
      }
    };
    walk(main);
    return texts.join(" ").split(/\n+/).map((line) => line.trim()).filter(Boolean);
  };

  const show = (on) =>
    read.forEach((button) => {
      button.setAttribute("aria-pressed", String(on));
      const label = button.querySelector("span");
      button.dataset.start ??= label.textContent;
      label.textContent = on ? button.dataset.stop : button.dataset.start;
    });

  if (voice && main && "SpeechSynthesisUtterance" in window) {
    read.forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const reading = button.getAttribute("aria-pressed") === "true";
        voice.cancel();
        show(!reading);
        if (reading) return;
        const lines = words();
        lines.forEach((line, at) => {
          const said = new SpeechSynthesisUtterance(line);
          said.lang = document.documentElement.lang;
          said.rate = 0.9;
          if (at === lines.length - 1) said.addEventListener("end", () => show(false));
          said.addEventListener("error", () => show(false));
          voice.speak(said);
        });
      });
    });
    window.addEventListener("pagehide", () => voice.cancel());
  }

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
})();

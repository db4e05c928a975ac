// Whoever signs out on a phone that holds people does so in the field app: it hands in what waits and destroys the key.
addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/sign-out")) return;
  let held = null;
  try {
    held = localStorage.getItem("yilian-field-user");
  } catch {
    // Nothing is kept where nothing may be kept.
  }
  if (!held || location.pathname.startsWith("/f/")) return;
  event.preventDefault();
  location.assign("/f/me");
});

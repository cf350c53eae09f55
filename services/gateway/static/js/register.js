// Registration: one press copies the e-mail address into the login.
export function register(root) {
  const form = root.querySelector("[data-register]");
  if (!form) return;
  const button = form.querySelector("[data-use-email]");
  button.hidden = false;
  button.addEventListener("click", () => {
    form.elements.login.value = form.elements.email.value.trim();
    form.elements.login.focus();
  });
}

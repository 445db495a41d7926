// The profile: shows a chosen picture before it is saved.
const file = document.querySelector("[data-avatar-file]");
const avatar = document.querySelector("[data-avatar]");

file.addEventListener("change", () => {
  if (file.files.length === 0) return;
  const picture = document.createElement("img");
  picture.className = "avatar";
  picture.alt = avatar.dataset.avatar;
  picture.src = URL.createObjectURL(file.files[0]);
  avatar.replaceChildren(picture);
});

/** Builds elements. Text goes in as text, never as markup. */
import { icon, type IconName } from "./icons.js";

type Child = Node | string | null;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A button with an icon only; `label` is its tooltip and its name for screen readers. */
export function iconButton(name: IconName, label: string, act: () => void): HTMLButtonElement {
  const button = element("button", { class: "icon-button", type: "button", title: label, "aria-label": label }, icon(name));
  button.addEventListener("click", act);
  return button;
}

/** An icon button that is on or off. */
export function toggleButton(name: IconName, label: string, on: boolean, change: (on: boolean) => void): HTMLButtonElement {
  const button = iconButton(name, label, () => {
    const next = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(next));
    change(next);
  });
  button.setAttribute("aria-pressed", String(on));
  return button;
}

/** Text that acts: a link in looks, a button for the keyboard. */
export function linkButton(text: string, title: string, act: () => void): HTMLButtonElement {
  const button = element("button", { class: "link", type: "button", title }, text);
  button.addEventListener("click", act);
  return button;
}

export function show(target: HTMLElement, visible: boolean): void {
  target.hidden = !visible;
}

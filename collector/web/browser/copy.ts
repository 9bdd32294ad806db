/** Lets the buttons with `data-copy` copy the text of the element that they name by its ID. */
export function startCopying(): void {
  document.addEventListener('click', (event) => {
    const { target } = event;
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-copy]') : null;
    if (button === null) return;
    const text = document.getElementById(button.dataset['copy'] ?? '')?.textContent;
    if (text === undefined || text === null) return;
    void navigator.clipboard.writeText(text).then(() => {
      const { copied } = button.dataset;
      if (copied !== undefined) button.textContent = copied;
    });
  });
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: -7,
  PageDown: 7,
  Home: -Infinity,
  End: Infinity,
};

/** From here on, the readout stands at the left of the cursor. */
const FLIP_PERCENT = 60;
const READ_GAP_PX = 10;

/** Moves the cursors of charts by pointer and keys. What they say is read out of the charts' tables. */
export function startChartCursor(): void {
  let shown: HTMLElement | null = null;
  const hide = (): void => {
    shown?.classList.remove('on');
    shown = null;
  };
  const show = (cursor: HTMLElement, row: number): void => {
    if (shown !== cursor) hide();
    if (moveTo(cursor, row)) shown = cursor;
  };
  const follow = (event: PointerEvent): void => {
    const cursor = plotCursorOf(event.target);
    if (cursor === null) {
      if (shown !== null && shown !== document.activeElement) hide();
      return;
    }
    const { left, width } = cursor.getBoundingClientRect();
    show(cursor, Math.floor(((event.clientX - left) / width) * rowsOf(cursor).length));
  };

  document.addEventListener('pointermove', follow);
  document.addEventListener('pointerdown', follow);
  document.addEventListener('pointerout', (event) => {
    if (event.relatedTarget === null) hide();
  });
  document.addEventListener('focusin', (event) => {
    const cursor = cursorOf(event.target);
    if (cursor !== null) show(cursor, currentRow(cursor));
  });
  document.addEventListener('focusout', (event) => {
    if (cursorOf(event.target) !== null) hide();
  });
  document.addEventListener('keydown', (event) => {
    const cursor = cursorOf(event.target);
    if (cursor === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      show(cursor, currentRow(cursor) + step);
    } else if (event.key === 'Escape') {
      hide();
    } else if (event.key === 'Enter') {
      rowsOf(cursor)[currentRow(cursor)]?.querySelector('a')?.click();
    }
  });
}

const cursorOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('.cursor') : null;

/** The cursor of the plot that the pointer is over: marks lie above it. */
const plotCursorOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element
    ? (target.closest('.plot')?.querySelector<HTMLElement>('.cursor') ?? null)
    : null;

const tableOf = (cursor: HTMLElement): HTMLTableElement | null =>
  document.getElementById(`${cursor.dataset['twin']}-table`)?.querySelector('table') ?? null;

const rowsOf = (cursor: HTMLElement): readonly HTMLTableRowElement[] =>
  Array.from(tableOf(cursor)?.tBodies[0]?.rows ?? []);

const currentRow = (cursor: HTMLElement): number => Number(cursor.getAttribute('aria-valuenow'));

/** Whether there is a row to move to. */
function moveTo(cursor: HTMLElement, row: number): boolean {
  const rows = rowsOf(cursor);
  const at = Math.max(0, Math.min(rows.length - 1, row));
  const cells = textsOf(rows[at]);
  const [name] = cells;
  if (name === undefined) return false;
  const heads = textsOf(tableOf(cursor)?.tHead?.rows[0]);
  const figures = cells
    .map((text, i) => ({ head: heads[i] ?? '', text }))
    .filter(({ text }, i) => i > 0 && text !== '');

  cursor.setAttribute('aria-valuenow', String(at));
  cursor.setAttribute(
    'aria-valuetext',
    [name, ...figures.map(({ head, text }) => `${head} ${text}`)].join(', '),
  );
  cursor.classList.add('on');
  place(cursor, ((at + 0.5) / rows.length) * 100);
  cursor
    .querySelector('.read')
    ?.replaceChildren(
      element('b', name),
      ...figures.flatMap(({ head, text }) => [element('span', head), element('span', text)]),
    );
  return true;
}

/** Set by CSSOM, which a strict Content-Security-Policy allows. */
function place(cursor: HTMLElement, percent: number): void {
  const line = cursor.querySelector('i');
  const read = cursor.querySelector<HTMLElement>('.read');
  if (line !== null) line.style.left = `${percent}%`;
  if (read === null) return;
  const isFlipped = percent >= FLIP_PERCENT;
  read.style.left = isFlipped ? 'auto' : `calc(${percent}% + ${READ_GAP_PX}px)`;
  read.style.right = isFlipped ? `calc(${100 - percent}% + ${READ_GAP_PX}px)` : 'auto';
}

const textsOf = (row: HTMLTableRowElement | undefined): readonly string[] =>
  Array.from(row?.cells ?? []).map(({ textContent }) => textContent?.trim() ?? '');

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

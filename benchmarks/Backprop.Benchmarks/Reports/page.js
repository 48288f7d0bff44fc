'use strict';

// the table of all figures: sorted by the buttons in its headers, filtered by words that must all be in a row
const table = document.getElementById('rows');
const body = table.tBodies[0];
const original = [...body.rows];

const key = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.key === undefined ? cell.textContent : Number(cell.dataset.key);
};

// numbers by size and before texts, texts by their letters and the numbers in them
const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b
  : typeof a === typeof b ? a.localeCompare(b, 'en', { numeric: true })
    : typeof a === 'number' ? -1 : 1;

const next = { none: 'ascending', ascending: 'descending', descending: 'none' };

const sortBy = (header, column) => {
  const order = next[header.getAttribute('aria-sort') ?? 'none'];
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  if (order === 'none') {
    body.append(...original);
    return;
  }
  header.setAttribute('aria-sort', order);
  const sign = order === 'ascending' ? 1 : -1;
  body.append(...[...original].sort((a, b) => sign * compare(key(a, column), key(b, column))));
};

[...table.tHead.rows[0].cells].forEach((header, column) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = header.textContent;
  button.addEventListener('click', () => sortBy(header, column));
  header.replaceChildren(button);
});

const filter = document.getElementById('filter');
const count = document.getElementById('count');
const texts = original.map(row => [...row.cells].map(cell => cell.textContent).join(' ').toLowerCase());

const applyFilter = () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(word => word.length > 0);
  let shown = 0;
  original.forEach((row, index) => {
    row.hidden = !words.every(word => texts[index].includes(word));
    if (!row.hidden) shown++;
  });
  count.textContent = `${shown} of ${original.length} rows`;
};

filter.addEventListener('input', applyFilter);
filter.closest('.filter').hidden = false;
applyFilter();

// what a mark of a plot stands for, at once and on touch as well; its title would come late and not on a phone
const tip = document.getElementById('tip');

for (const title of document.querySelectorAll('.mark > title')) {
  title.parentNode.dataset.tip = title.textContent;
  title.remove();
}

const showTip = event => {
  const mark = event.target.closest?.('[data-tip]');
  tip.hidden = !mark;
  if (!mark) return;
  tip.textContent = mark.dataset.tip;
  const place = mark.getBoundingClientRect(), size = tip.getBoundingClientRect();
  const left = place.left + place.width / 2 - size.width / 2;
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
  tip.style.top = `${place.top > size.height + 8 ? place.top - size.height - 8 : place.bottom + 8}px`;
};

document.addEventListener('pointerover', showTip);
document.addEventListener('pointerdown', showTip);
addEventListener('scroll', () => { tip.hidden = true; }, { passive: true });

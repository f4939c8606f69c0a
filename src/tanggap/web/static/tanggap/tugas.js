// Keys of the duty list: j and k move, Enter opens, / searches, n starts a new entry. Filters apply when chosen.
const links = [...document.querySelectorAll('[data-duties] .what a')]
const search = document.querySelector('[data-search]')
let here = -1

const move = step => {
  if (!links.length) return
  links[here]?.closest('.duty').removeAttribute('aria-current')
  here = Math.min(Math.max(here + step, 0), links.length - 1)
  links[here].closest('.duty').setAttribute('aria-current', 'true')
  links[here].focus()
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  '/': () => search?.focus(),
  n: () => document.querySelector('[data-new]')?.click(),
}

addEventListener('keydown', event => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]')
  if (event.key === 'Escape' && typing) return event.target.blur()
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return
  event.preventDefault()
  keys[event.key]()
})

for (const select of document.querySelectorAll('.filters select')) {
  select.addEventListener('change', () => select.form.requestSubmit())
}

// Keeps what is being typed on this device until it is sent: a lost connection or a closed page loses nothing.
// Only for this tab (sessionStorage), never files, passwords or hidden keys.
export function keep(form) {
  const name = form.dataset.draft
  const typed = () => [...new FormData(form)].filter(([field, value]) =>
    typeof value === 'string' && value && !['csrfmiddlewaretoken', 'key'].includes(field))

  const restore = saved => {
    for (const [field, value] of saved) {
      for (const input of form.querySelectorAll(`[name="${CSS.escape(field)}"]`)) {
        if (input.type === 'radio' || input.type === 'checkbox') input.checked = input.value === value || input.checked
        else if (input.type !== 'file') input.value = value
      }
    }
  }

  const untouched = !form.querySelector('textarea')?.value
  try {
    const saved = JSON.parse(sessionStorage.getItem(name) ?? 'null')
    if (saved && untouched) restore(saved)
  } catch {}

  let waiting
  const save = () => { try { sessionStorage.setItem(name, JSON.stringify(typed())) } catch {} }
  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(save, 300) })
  form.addEventListener('submit', save)
}

// One press, one report: the button rests while the form is on its way.
export function once(form) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('.btn-1')
    if (button) setTimeout(() => { button.disabled = true }, 0)
    setTimeout(() => { if (button) button.disabled = false }, 8000)
  })
  addEventListener('pageshow', () => { const button = form.querySelector('.btn-1'); if (button) button.disabled = false })
}

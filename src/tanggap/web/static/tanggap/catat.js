// Desk entry: the cursor starts where the officer types, and nothing typed is lost.
import { keep, once } from './draft.js'

const form = document.querySelector('form[data-draft]')
if (form) {
  keep(form)
  once(form)
  if (!document.querySelector('#galat')) form.querySelector(form.dataset.focus ?? 'textarea')?.focus()
}

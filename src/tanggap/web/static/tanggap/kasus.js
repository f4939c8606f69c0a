// The case page: one press acts once; after an error the reader stands at the message.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', event => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    setTimeout(() => { delete form.dataset.sent }, 8000)
  })
}
addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent })

document.querySelector('#galat')?.focus()
if (location.hash.startsWith('#langkah-')) document.querySelector(location.hash)?.closest('.step-card')?.scrollIntoView({ block: 'start' })

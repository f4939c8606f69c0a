// Print buttons: shown only where they can do something.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

// The report has arrived: what the device kept of it may go.
const sent = document.body.dataset.draftSent
if (sent) try { sessionStorage.removeItem(sent) } catch {}

// A scanned receipt brings number and code behind "#": read once, put into the form, and wiped from the address.
const form = document.querySelector('[data-track]')
if (form && location.hash.length > 1) {
  const [register, code] = decodeURIComponent(location.hash.slice(1)).split(';')
  history.replaceState(null, '', location.pathname)
  if (register && code) {
    form.elements.register.value = register
    form.elements.code.value = code
    form.querySelector('button').focus()
  }
}

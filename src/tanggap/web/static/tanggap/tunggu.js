// The page of a report that waits: this machine does a little work instead, and the receipt comes by itself.
// Without this file one waits the seconds named and presses the button. The work: a number whose SHA-256 together with
// the ticket begins with so many zero bits. Own SHA-256 (FIPS 180-4), because crypto.subtle is missing without https.
const K = [], H0 = []
const fraction = x => (x - Math.floor(x)) * 0x100000000 | 0
for (let n = 2; K.length < 64; n++) {
  let prime = true
  for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break }
  if (!prime) continue
  if (H0.length < 8) H0.push(fraction(Math.sqrt(n)))
  K.push(fraction(Math.cbrt(n)))
}
const W = new Int32Array(64)

// The first word of the digest of an ASCII text.
export function firstWord(text) {
  const blocks = (text.length + 9 + 63) >> 6
  const words = new Int32Array(blocks * 16)
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8)
  words[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8)
  words[blocks * 16 - 1] = text.length * 8
  let [a0, b0, c0, d0, e0, f0, g0, h0] = H0
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) { W[i] = words[block * 16 + i]; continue }
      const x = W[i - 15], y = W[i - 2]
      W[i] = W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)
    }
    let a = a0, b = b0, c = c0, d = d0, e = e0, f = f0, g = g0, h = h0
    for (let i = 0; i < 64; i++) {
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0
    }
    a0 = a0 + a | 0; b0 = b0 + b | 0; c0 = c0 + c | 0; d0 = d0 + d | 0
    e0 = e0 + e | 0; f0 = f0 + f | 0; g0 = g0 + g | 0; h0 = h0 + h | 0
  }
  return a0 >>> 0
}

const form = document.querySelector('form[data-work]')
if (form) {
  const { work, bits } = form.dataset
  const least = 2 ** (32 - bits)
  form.querySelector('[data-wait]').hidden = true
  const said = form.querySelector('[data-working]')
  said.textContent = said.dataset.words
  let tried = 0
  const some = () => {
    for (let until = tried + 4000; tried < until; tried++) {
      if (firstWord(`${work}.${tried}`) < least) {
        form.elements.proof.value = String(tried)
        form.submit()
        return
      }
    }
    setTimeout(some, 0)
  }
  some()
}

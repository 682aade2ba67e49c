// Stands for string-width in the bundles: it makes a segmenter as soon as it is loaded, for which ICU takes 40 ms, and
// most texts never need it. What is required in a bundle is loaded when it is called for.
let stringWidth

export default (text) => {
  stringWidth ??= require('string-width').default
  return stringWidth(text)
}

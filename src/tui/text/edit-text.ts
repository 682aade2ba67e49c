import type { KeyEvent } from '../screen/keys.ts'

/** A text of one line after a key; null where the key is none that changes a text. A paste is text and nothing else. */
export function editText(text: string, input: KeyEvent): string | null {
  if (input.kind === 'paste') return text + input.text.replace(/\s+/g, ' ')
  const { key } = input
  switch (key) {
    case 'backspace':
      return [...text].slice(0, -1).join('')
    case 'ctrl-u':
      return ''
    case 'ctrl-w':
    case 'alt-backspace':
      return text.replace(/\S+\s*$/, '')
    case 'space':
      return `${text} `
    default:
      return [...key].length === 1 ? text + key : null
  }
}

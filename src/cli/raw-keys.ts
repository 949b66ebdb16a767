/** Takes keys in raw mode; returns what gives the mode back, which also happens when the process ends in another way. */
export function takeKeys(stdin: NodeJS.ReadStream, listener: (key: string) => void): () => void {
  const onData = (bytes: Buffer | string): void => {
    for (const key of keysOf(bytes.toString())) listener(key)
  }
  const restore = (): void => {
    stdin.off('data', onData)
    process.off('exit', onExit)
    stdin.setRawMode(false)
    stdin.pause()
  }
  // Whatever ended the process, the next one gets a cursor and an echo.
  const onExit = (): void => {
    restore()
    process.stdout.write(`${ESC}[?25h`)
  }
  stdin.setRawMode(true)
  stdin.on('data', onData)
  stdin.resume()
  process.on('exit', onExit)
  return restore
}

const ESC = '\u001B'
const KEY = new RegExp(String.raw`${ESC}(?:\[[\d;]*[A-Za-z~]|O[A-Z])?|[^${ESC}]`, 'gu')

/** One key a character, and an escape sequence whole: an arrow is not Esc and two letters. */
function keysOf(text: string): readonly string[] {
  return text.match(KEY) ?? []
}

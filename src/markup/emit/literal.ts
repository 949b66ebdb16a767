/**
 * A value as JSON that is also JavaScript and TypeScript, and stays a text wherever it is put: no line separator ends
 * a line in it, no `</script` or `<!--` a script.
 */
export function literal(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent) ?? 'null'
  return text.replaceAll(
    /[<\u2028\u2029]/g,
    (sign) => String.raw`\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

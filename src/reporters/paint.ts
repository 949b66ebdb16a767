const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

export type Colour = keyof typeof CODES

/** The text in a colour, or as it is where no colour is wanted. */
export function paint(wanted: boolean, colour: Colour, text: string): string {
  return wanted ? `\u001B[${CODES[colour]}m${text}\u001B[0m` : text
}

/** One element of markup as data, with the attribute names of HTML; every face prints it in its own way. */
export interface MarkupElement {
  readonly tag: string
  /** `true` is an attribute without a value. */
  readonly attributes: Readonly<Record<string, string | number | true>>
  readonly children: readonly MarkupElement[]
}

import type { Report } from './report.ts'
import type { Tree } from './tree.ts'

/** Shapes of keys that people paste by mistake: Apiframe, OpenAI, Anthropic, Google, GitHub, Slack, AWS, Replicate, web tokens, bearer headers. */
const KEY_LIKE =
  /\b(?:afk_[A-Za-z0-9]{8,}|sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|gh[opsu]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abp]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}|r8_[A-Za-z0-9]{20,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}(?:\.[\w-]+)?|[Bb]earer\s+[\w.~+/-]{20,})/g

/** Hides what looks like a key, length kept, so that carets still point right. */
export function maskKeys(text: string): string {
  return text.replaceAll(KEY_LIKE, (key) => '•'.repeat(key.length))
}

/** Tells every text that holds something like an API key, without repeating it. */
export function checkSecrets(text: string, report: Report): void {
  for (const match of text.matchAll(KEY_LIKE)) {
    report(
      'manifest/secret',
      match.index,
      'This looks like an API key. A manifest is committed for all to see: take it out, revoke the key, and set APIFRAME_API_KEY in the environment instead.',
    )
  }
}

const TEXT_KEYS: ReadonlySet<string> = new Set(['prompt', 'before', 'after', 'alt'])

/** Tells comments behind unquoted texts: YAML drops ` #12 …` from `number #12 …`, and words are lost unseen. */
export function checkEatenWords(tree: Tree, report: Report): void {
  if (tree.kind === 'list') for (const item of tree.items) checkEatenWords(item, report)
  if (tree.kind !== 'map') return
  for (const [key, { value }] of tree.entries) {
    if (TEXT_KEYS.has(key) && value.kind === 'scalar' && value.commentAt !== null) {
      report(
        'manifest/comment-in-text',
        value.commentAt,
        `YAML takes everything from " #" on as a comment, so "${key}" ends here. Put the text in quotes, or the comment on a line of its own.`,
      )
    }
    checkEatenWords(value, report)
  }
}

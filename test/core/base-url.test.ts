import { describe, expect, it } from 'vitest'
import { checkBaseUrl } from '../../src/core/base-url.ts'

describe('checkBaseUrl', () => {
  it.each([
    ['https://api.apiframe.ai', 'https://api.apiframe.ai', false],
    ['https://api.apiframe.ai/', 'https://api.apiframe.ai', false],
    ['https://gateway.example/apiframe/', 'https://gateway.example/apiframe', false],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787', true],
    ['http://localhost:1/', 'http://localhost:1', true],
    ['http://[::1]:80', 'http://[::1]', true],
    ['http://0x7f.1:5', 'http://127.0.0.1:5', true],
    ['https://10.0.0.1', 'https://10.0.0.1', false],
  ])('%s is taken as %s', (text, url, loopback) => {
    expect(checkBaseUrl(text)).toMatchObject({ url, loopback })
  })

  it.each([
    '',
    'api.apiframe.ai',
    'ftp://api.apiframe.ai',
    'file:///etc/passwd',
    'http://api.apiframe.ai',
    'http://localhost.evil.example',
    'http://10.0.0.1',
    'http://0.0.0.0:80',
    'https://user:word@api.apiframe.ai',
    'https://api.apiframe.ai/?a=1',
    'https://a.example/#x',
  ])('"%s" is a problem', (text) => {
    expect(checkBaseUrl(text)).toMatchObject({ problem: { code: 'service/base-url' } })
  })

  it('does not repeat a key that was pasted into the wrong variable', () => {
    const result = checkBaseUrl('afk_0123456789abcdef0123456789')
    expect(JSON.stringify(result)).not.toContain('afk_')
  })
})

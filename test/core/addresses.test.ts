import { describe, expect, it } from 'vitest'
import { addressKind, isLocalName } from '../../src/core/addresses.ts'

describe('addressKind', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '127.255.255.254',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '::0001',
  ])('%s is this machine', (text) => {
    expect(addressKind(text)).toBe('loopback')
  })

  it.each([
    '0.0.0.0',
    '0',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '169.254.169.254',
    '0xa9.0xfe.0xa9.0xfe',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.7',
    '192.88.99.1',
    '192.168.1.1',
    '192.168.257',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a00:1',
    '::10.0.0.1',
    '::2',
    'fc00::',
    'fd12:3456::1',
    'fd00:ec2::254',
    'fe80::',
    'fe80::1%eth0',
    '[fe80::1]',
    'febf::1',
    'fec0::1',
    'ff02::1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2001:20::1',
    '2002:a00:1::',
    '3fff::1',
    '5f00::1',
  ])('%s is not for pictures', (text) => {
    expect(addressKind(text)).toBe('reserved')
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.0.1.1',
    '192.167.1.1',
    '198.17.1.1',
    '198.20.0.1',
    '223.255.255.255',
    '0x08.8.8.8',
    '2606:4700::1111',
    '[2a00:1450:4001::200e]',
    '2001:4860:4860::8888',
    '64:ff9b::8.8.8.8',
    '2003::1',
  ])('%s is public', (text) => {
    expect(addressKind(text)).toBe('public')
  })

  it.each([
    '',
    'localhost',
    'example.com',
    '256.1.1.1',
    '1.2.3.4.5',
    '1..2',
    '.1',
    '08.8.8.8',
    '1.2.3.256',
    '1.2.65536',
    '4294967296',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
    '12345::1',
    '::1.2.3',
    'a:b',
  ])('"%s" is no literal address', (text) => {
    expect(addressKind(text)).toBeNull()
  })
})

describe('isLocalName', () => {
  it.each([
    'localhost',
    'LOCALHOST.',
    'printer',
    'a.localhost',
    'nas.local',
    'metadata.google.internal',
    'x.home.arpa',
    '',
  ])('%s is local', (name) => {
    expect(isLocalName(name)).toBe(true)
  })
  it.each(['example.com', 'cdn2.apiframe.ai', 'local.example', 'internal.example.org.'])(
    '%s is not',
    (name) => {
      expect(isLocalName(name)).toBe(false)
    },
  )
})

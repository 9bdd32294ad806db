import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../src/host/exit/child-environment.js';

const PATHS = {
  full: (path: string) => (path.startsWith('/') ? path : `/work/${path}`.replace(/\/$/, '')),
  delimiter: ':',
};
const passed = (env: Record<string, string>, isRead: (name: string) => boolean = () => false) =>
  childEnvironment(env, isRead, PATHS);

describe('the environment of the child', () => {
  it('has what decides how Node.js starts and connects', () => {
    const env = {
      LD_BIND_NOW: '1',
      DYLD_PRINT_LIBRARIES: '1',
      PROXYCHAINS_QUIET_MODE: '1',
      TORSOCKS_ISOLATE_PID: '1',
      NODE_USE_SYSTEM_CA: '1',
      https_proxy: 'http://proxy.example',
      ALL_PROXY: 'socks5://proxy.example',
      UV_THREADPOOL_SIZE: '1',
    };
    expect(passed(env)).toEqual(env);
  });

  it('has nothing else, nothing empty, and no preload', () => {
    const env = { NODE_OPTIONS: '--require x', NODE_PATH: '/x', TOKEN: 'x', LD_PRELOAD: '' };
    expect(passed(env)).toEqual({});
  });

  it('has what a preloaded library reads', () => {
    expect(passed({ TO: '1', TOKEN: 'x' }, (name) => name === 'TO')).toEqual({ TO: '1' });
  });

  it.each([
    ['LD_LIBRARY_PATH', 'lib:/opt/lib', '/work/lib:/opt/lib'],
    ['LD_LIBRARY_PATH', '/opt/lib:', '/opt/lib:/work'], // empty: the working folder
    ['LD_LIBRARY_PATH', 'a;b', '/work/a:/work/b'],
    ['LD_LIBRARY_PATH', '$ORIGIN/../lib', '$ORIGIN/../lib'],
    ['LD_PRELOAD', './wrap.so libc.so.6:/x.so', '/work/./wrap.so:libc.so.6:/x.so'],
    ['NODE_EXTRA_CA_CERTS', 'ca.pem', '/work/ca.pem'],
    ['SSL_CERT_FILE', '/etc/ca.pem', '/etc/ca.pem'],
    ['SSL_CERT_DIR', 'certs:', '/work/certs:'], // empty: no folder
    ['OPENSSL_CONF', 'openssl.cnf', '/work/openssl.cnf'],
    ['PROXYCHAINS_CONF_FILE', './p.conf', '/work/./p.conf'],
    ['TORSOCKS_CONF_FILE', 't.conf', '/work/t.conf'],
    ['HTTPS_PROXY', 'proxy:8080', 'proxy:8080'],
  ])('finds what the host finds from its folder: %s=%s', (name, value, full) => {
    expect(passed({ [name]: value })).toEqual({ [name]: full });
  });
});

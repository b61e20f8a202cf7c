import { describe, expect, it } from 'vitest';
import { parseTraffic } from '../../src/scenario/traffic.ts';

describe('traffic that is written otherwise', () => {
  it.each([
    ['https', 'tcp/443'],
    ['HTTP', 'tcp/80'],
    ['dns', 'udp/53'],
    ['ping', 'icmp'],
    ['443', 'tcp/443'],
    ['tcp:443', 'tcp/443'],
    ['tcp443', 'tcp/443'],
    ['udp:1000-2000', 'udp/1000-2000'],
    ['53/udp', 'udp/53'],
  ])('%s leads to %s', (written, right) => {
    const read = parseTraffic(written);
    expect(read.ok ? read.value : read.fault.help).toBe(`did you mean "${right}"?`);
    expect(parseTraffic(right).ok).toBe(true);
  });

  it('leads nowhere where it is a port that none is, or no word of ours', () => {
    for (const written of ['99999', '443-80', 'quux']) {
      const read = parseTraffic(written);
      expect(read.ok ? read.value : read.fault.help).toBe('allowed: any, tcp, udp, icmp');
    }
  });
});

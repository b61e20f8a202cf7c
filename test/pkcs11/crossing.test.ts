import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearAway, startBridge, tool } from './bridge.ts';

describe('what a real client says, on its way', () => {
  it('[P6] whoever has no registered certificate hears nothing', async () => {
    const bridge = await startBridge('spy', '10.0.0.201');
    expect(bridge.said()).toContain('the module hung up');
    expect(tool(bridge, '--list-slots').text).toContain('CKR_DEVICE_ERROR');
    await bridge.stop();
    clearAway(bridge);
  });

  it('[P7] [Q-18] the certificate lets in, from whatever address', async () => {
    const bridge = await startBridge('spy', '10.0.0.201', '--as', 'acme/app-310');
    expect(tool(bridge, '--list-slots').code).toBe(0);
    await bridge.stop();
    clearAway(bridge);
  });

  it('[P13] travels as packets of FIG. 3 in which no PIN can be read', async () => {
    const capture = join('/tmp', `vnsim-crossing-${process.pid}.pcapng`);
    const bridge = await startBridge('app-310', '10.0.0.201', '--output', capture);
    expect(tool(bridge, '--login', '--pin', 'user-pin', '--list-objects').code).toBe(0);
    const { mode } = statSync(join(bridge.directory, 'p11'));
    expect(mode & 0o077).toBe(0);
    expect(await bridge.stop()).toBe(0);
    expect(bridge.said()).toMatch(/wrote .*: \d+ packets/);
    const packets = readFileSync(capture);
    expect(packets.includes('user-pin')).toBe(false);
    expect(packets.includes('PRIVATE-GNOME-KEYRING')).toBe(false);
    // 192.168.0.55 to 10.10.0.3: the bytes did travel, and were translated
    expect(packets.includes(Buffer.from('c0a800370a0a0003', 'hex'))).toBe(true);
    clearAway(bridge);
  });
});

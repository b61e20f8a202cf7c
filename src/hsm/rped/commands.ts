import type { Nothing } from '../device/commands.ts';
import type { UserType } from '../partitions/application.ts';

/** What is said by a PIN entry device, port 1503. */
export interface PinDeviceCommands {
  /** an operator has entered the PIN of a partition's user, for one login of one client */
  'present-pin': {
    takes: {
      readonly partition: string;
      readonly client: string;
      readonly user: UserType;
      readonly pin: string;
      /** who opened the connection (trap T4) */
      readonly calledBy: 'device' | 'module';
    };
    gives: Nothing;
  };
}

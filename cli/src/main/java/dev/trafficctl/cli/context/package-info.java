/** Which cluster a command works on: named contexts, the environment and flags, as one answer. */
package dev.trafficctl.cli.context;

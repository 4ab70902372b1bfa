/** {@code completion}, and what a shell asks to complete a word. */
package dev.trafficctl.cli.command.completion;

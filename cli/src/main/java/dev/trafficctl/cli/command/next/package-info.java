/** How the commands are typed that messages recommend. */
package dev.trafficctl.cli.command.next;

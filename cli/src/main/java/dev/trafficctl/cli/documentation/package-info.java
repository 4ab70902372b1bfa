/** Shell completion and man pages, both made from what the commands say of themselves. */
package dev.trafficctl.cli.documentation;

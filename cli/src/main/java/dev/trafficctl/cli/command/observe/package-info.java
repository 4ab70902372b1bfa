/**
 * The commands that show jobs: {@code jobs}, {@code status}, {@code backpressure}, {@code
 * exceptions}, {@code logs}.
 */
package dev.trafficctl.cli.command.observe;

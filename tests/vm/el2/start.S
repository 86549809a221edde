/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry at EL3, and what happens to an abort: it is noted, the instruction is
 * stepped over, and the program goes on. A table walk that leaves memory ends
 * so, by a synchronous external abort on the AT instruction.
 */
	.section .text.start, "ax"
	.globl	start
start:
	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mov	sp, x0
	adr	x0, vectors
	msr	vbar_el3, x0
	isb
	bl	main
1:	wfi
	b	1b

	.balign	2048
vectors:
	.rept	16
	b	taken
	.balign	128
	.endr

taken:
	stp	x0, x1, [sp, #-16]!
	mrs	x0, esr_el3
	adrp	x1, abort_esr
	str	x0, [x1, :lo12:abort_esr]
	mrs	x0, elr_el3
	add	x0, x0, #4
	msr	elr_el3, x0
	ldp	x0, x1, [sp], #16
	eret

	/* semihost(operation, parameters) */
	.globl	semihost
semihost:
	hlt	#0xf000
	ret

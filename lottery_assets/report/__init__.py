"""What people see: the table on the terminal and the figures in the UI.

Belongs here: turning finished results into pictures and text. Not here: computing them, or knowing where they are stored.
"""

"""What people see: tables on the terminal, figures in the UI, pages in the browser.

Belongs here: turning finished results into pictures and text. Not here: computing them, or knowing where they are stored.
"""
